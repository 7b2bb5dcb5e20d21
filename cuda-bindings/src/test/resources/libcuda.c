/* A driver for tests: answers as the macros say. Signatures follow the public CUDA driver API reference. */
#include <stddef.h>
#include <string.h>

#ifndef INIT
#define INIT 0
#endif
#ifndef VERSION
#define VERSION 12080
#endif
#ifndef DEVICES
#define DEVICES 1
#endif

int cuInit(unsigned int flags) { return flags == 0 ? INIT : 1; }

int cuDriverGetVersion(int *version) {
    *version = VERSION;
    return 0;
}

int cuDeviceGetCount(int *count) {
    *count = DEVICES;
    return 0;
}

int cuDeviceGet(int *device, int index) {
    *device = 70 + index; /* a handle need not be the index */
    return index < DEVICES ? 0 : 101;
}

int cuDeviceGetName(char *name, int length, int device) {
    static const char *const names[] = {"Stub One", "Stub Two"};
    strncpy(name, names[device - 70], length);
    return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    if (attribute != 75 && attribute != 76) return 1;
    *value = attribute == 75 ? 9 : device - 70;
    return 0;
}

#ifndef WITHOUT_MEMORY
int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    *bytes = (size_t)(device - 69) * 5 * 1024 * 1024 * 1024;
    return 0;
}
#endif

int cuGetErrorName(int status, const char **text) {
    *text = status == 100 ? "CUDA_ERROR_NO_DEVICE" : NULL;
    return status == 100 ? 0 : 1;
}

int cuGetErrorString(int status, const char **text) {
    *text = status == 100 ? "no CUDA-capable device is detected" : NULL;
    return status == 100 ? 0 : 1;
}
