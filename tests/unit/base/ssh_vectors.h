/* SPDX-License-Identifier: MIT */
/*
 * Made once with ssh-keygen of OpenSSH 9.2p1: a key, and what it signed with
 * `ssh-keygen -Y sign -n NAMESPACE`.  Ed25519 has no randomness, so the same seed gives the same
 * bytes.
 */
#ifndef TEST_SSH_VECTORS_H
#define TEST_SSH_VECTORS_H

#define VECTOR_SEED "051b07c94074eb41dc2c5dc2bc8aeaca61f7f0c2c49def88f84dbfac1cfce3df"
#define VECTOR_WORD "AAAAC3NzaC1lZDI1NTE5AAAAIJoUIB5UKegqPUkKSPcFMJZwdS95iO4y7d+X5ZiCyoH3"
#define VECTOR_LINE "ssh-ed25519 " VECTOR_WORD " dc-owner@desk"
#define VECTOR_FINGERPRINT "SHA256:idUjdDOMQVYjHk5g+Irs9mdR5riZUB07mW5nMOAyMHA"
#define VECTOR_TEXT "The result of 26-0001 is approved.\n"

#define ARMOR_START "-----BEGIN SSH SIGNATURE-----\n"
#define ARMOR_END "-----END SSH SIGNATURE-----\n"

/* Namespace toban, SHA-512. */
#define VECTOR_SIGNATURE                                                                           \
	ARMOR_START                                                                                \
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgmhQgHlQp6Co9SQpI9wUwlnB1L3\n"                 \
	"mI7jLt35flmILKgfcAAAAFdG9iYW4AAAAAAAAABnNoYTUxMgAAAFMAAAALc3NoLWVkMjU1\n"                 \
	"MTkAAABAgyTyhJwvpixRZRPpOz+uTCCucv0tcZT/AKcjo4NEF3/jAJ57ewxVXapdbpH2Cf\n"                 \
	"qYBNKzjO91Vf53f53s2JiXCQ==\n" ARMOR_END

/* Namespace toban, SHA-256. */
#define VECTOR_SHA256                                                                              \
	ARMOR_START                                                                                \
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgmhQgHlQp6Co9SQpI9wUwlnB1L3\n"                 \
	"mI7jLt35flmILKgfcAAAAFdG9iYW4AAAAAAAAABnNoYTI1NgAAAFMAAAALc3NoLWVkMjU1\n"                 \
	"MTkAAABAp7PO/m8Y4JzmXRJxQ0QuQUKXN1ViVbM/jBbBRvclhM7joCFvnWRFkKBbgiup6h\n"                 \
	"oy1HckqepYZHest2DSM1JKDw==\n" ARMOR_END

/* Namespace git: the same key, the same text, another purpose. */
#define VECTOR_GIT                                                                                 \
	ARMOR_START                                                                                \
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgmhQgHlQp6Co9SQpI9wUwlnB1L3\n"                 \
	"mI7jLt35flmILKgfcAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n"                 \
	"AAAAQJCLbFARl2kphHDfeq1dmFSzdu49RB3dXczbe0SOeHB6duIRzDlZ6uT5UQs7WTqoUT\n"                 \
	"TA6vF+LaERD3Xy4+XBrQM=\n" ARMOR_END

/* By an RSA key of 2048 bits. */
#define VECTOR_RSA                                                                                 \
	ARMOR_START                                                                                \
	"U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBALbHAYDtpOYTOelcGmzR0X\n"                 \
	"g+MHYD9iAW3j1KMlwdprnBW84euJ89KdUperByVJnS/Kv7+U/Eiv/q/MAOub42R0Ba5pU/\n"                 \
	"kfz9B84c1zNSUO5nTJgkoSbtQsO2qMMGVZo2THEn/4RxHT6l+qzoUtRb7BzZOAvIUgomFC\n"                 \
	"aEqk4kg68SwM+tEFL9W8jx7XJ3ZOF8UZ36Wne6hntBLF1ZXmEPsaMii/lGEbSHq95i9jnt\n"                 \
	"1+XSH6MS1I7xP8oV2GbZ3ASHj5xlmOFpW1BX5FT/4L7LwBps9uOPWHV7s59abgE8gkJNxB\n"                 \
	"77v6u9Gky9G4QiaXgrzlauTfzriqdoeyp6pCG1/1cAAAAFdG9iYW4AAAAAAAAABnNoYTUx\n"                 \
	"MgAAARQAAAAMcnNhLXNoYTItNTEyAAABAJkwWcer1TAedHOBwc5/7jl/MKUyFFmmWPCSZb\n"                 \
	"1li8iQZtwM61GKNoyY98cWo/dWdfTiRhdC5+pU17XUU/QjRJxhqdCXRWfDkq8umHk7NGOw\n"                 \
	"gj1Zunvtt3ep3gSi53ogx3dq19ZX+jkVKfed518YauRr2mfV4QzXq+nw0Ma7lBne4CVNcR\n"                 \
	"7thGPYEe65J2yj/QOM5E/szU68UAxBT4A9W3hv4N70IYKxwvKHBHXAqDh5enz4zRcIf1Sy\n"                 \
	"XUpfZHGWVaXURLAfzLbAWh5iMMl1EstIq7pjcB8g5puTxhLV3pgABJyTBjvX8qxNcsw9wZ\n"                 \
	"+mkAPdp6bhYXdhskCu0Dr2l7Q=\n" ARMOR_END

#endif
