#ifndef SAMPLE_SILENT_H
#define SAMPLE_SILENT_H

int silent(void);

#endif
