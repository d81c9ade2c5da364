/* Exports of libdeflate. In its archive the functions are hidden, so the program could not find them. */
typedef __SIZE_TYPE__ size;

void *libdeflate_alloc_decompressor(void);
void libdeflate_free_decompressor(void *);
int libdeflate_deflate_decompress_ex(void *, const void *, size, void *, size, size *, size *);

void *idextractor_deflate_create(void) { return libdeflate_alloc_decompressor(); }

void idextractor_deflate_free(void *decompressor) { libdeflate_free_decompressor(decompressor); }

int idextractor_deflate_decode(void *decompressor, const void *input, size length, void *output, size room, size *consumed, size *written)
{
    return libdeflate_deflate_decompress_ex(decompressor, input, length, output, room, consumed, written);
}
