/* Sample: no licence. */
