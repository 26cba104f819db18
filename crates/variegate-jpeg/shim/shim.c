/* A narrow door to libjpeg-turbo's libjpeg API.
 *
 * Here: opening a JPEG in memory, reading its header, decoding a rectangle of it at a scale, and encoding.
 * Called by src/sys.rs alone. Every error of the library comes back as a code; no jump ever leaves this file.
 * A handle serves one decode and is thrown away, since libjpeg-turbo 3.1.0 can read freed memory when one
 * instance changes between merged and unmerged upsampling.
 */
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

enum { VJ_OK = 0, VJ_BROKEN = 1, VJ_TRUNCATED = 2, VJ_MEMORY = 3, VJ_SCANS = 4, VJ_ARGUMENT = 5, VJ_FEATURE = 6, VJ_LARGE = 7 };
enum { VJ_GREY = 1, VJ_RGB = 3 };
/* Rows asked of the library at a time: an iMCU of 4:2:0 has 16. */
enum { VJ_ROWS = 16 };

typedef struct {
  uint32_t width, height, components;
  uint32_t colour; /* J_COLOR_SPACE as stored */
  uint32_t precision;
  uint32_t mcu_width, mcu_height;
  uint32_t progressive, arithmetic, lossless, adobe;
} vj_header;

typedef struct {
  uint32_t denominator;    /* 1, 2, 4 or 8 */
  uint32_t channels;       /* VJ_GREY or VJ_RGB */
  uint32_t x0, y0, x1, y1; /* in scaled pixels */
  uint32_t to_the_end;     /* whether rows below the rectangle are decoded (and thrown away) too */
} vj_request;

typedef struct {
  struct jpeg_error_mgr pub;
  jmp_buf jump;
  int code;
  int truncated; /* a fake end marker has been handed out */
  int scan_limit;
  char message[JMSG_LENGTH_MAX];
} vj_error;

typedef struct {
  struct jpeg_decompress_struct info;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  vj_error error;
  uint8_t *rows;
} vj_decoder;

typedef struct {
  struct jpeg_compress_struct info;
  struct jpeg_destination_mgr target;
  vj_error error;
  uint8_t *buffer;
  size_t capacity;
} vj_encoder;

static void fail(vj_error *error, int code, const char *message) {
  error->code = code;
  snprintf(error->message, sizeof error->message, "%s", message);
  longjmp(error->jump, 1);
}

static void on_error(j_common_ptr info) {
  vj_error *error = (vj_error *)info->err;
  (*info->err->format_message)(info, error->message);
  switch (error->pub.msg_code) {
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
    error->code = VJ_MEMORY;
    break;
  case JERR_IMAGE_TOO_BIG:
  case JERR_WIDTH_OVERFLOW:
    error->code = VJ_LARGE;
    break;
  case JERR_SOF_UNSUPPORTED:
  case JERR_NOT_COMPILED:
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_FRACT_SAMPLE_NOTIMPL:
    error->code = VJ_FEATURE;
    break;
  case JERR_INPUT_EMPTY:
  case JERR_INPUT_EOF:
    error->code = VJ_TRUNCATED;
    break;
  default:
    /* Whatever is missing (a frame, a scan) is missing because the file stopped. */
    error->code = error->truncated ? VJ_TRUNCATED : VJ_BROKEN;
  }
  longjmp(error->jump, 1);
}

/* Warnings pass, as Pillow lets them pass, but for one: the entropy decoder ran out of data because the
 * *file* ran out. The library would fill the rest with grey; there is no use in waiting for it. */
static void on_message(j_common_ptr info, int level) {
  vj_error *error = (vj_error *)info->err;
  if (level >= 0) return;
  error->pub.num_warnings++;
  if (error->pub.msg_code == JWRN_HIT_MARKER && error->truncated)
    fail(error, VJ_TRUNCATED, "the compressed data ends early");
}

static void on_output(j_common_ptr info) { (void)info; }

static void on_progress(j_common_ptr info) {
  vj_error *error = (vj_error *)info->err;
  if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > error->scan_limit)
    fail(error, VJ_SCANS, "too many scans");
}

static void source_nothing(j_decompress_ptr info) { (void)info; }

static boolean source_fill(j_decompress_ptr info) {
  static const JOCTET end[2] = { 0xFF, JPEG_EOI };
  ((vj_error *)info->err)->truncated = 1;
  info->src->next_input_byte = end;
  info->src->bytes_in_buffer = 2;
  return TRUE;
}

static void source_skip(j_decompress_ptr info, long count) {
  struct jpeg_source_mgr *source = info->src;
  if (count <= 0) return;
  if ((size_t)count > source->bytes_in_buffer) {
    source_fill(info);
    return;
  }
  source->next_input_byte += count;
  source->bytes_in_buffer -= (size_t)count;
}

static void error_init(vj_error *error) {
  jpeg_std_error(&error->pub);
  error->pub.error_exit = on_error;
  error->pub.emit_message = on_message;
  error->pub.output_message = on_output;
}

void vj_close(vj_decoder *decoder) {
  if (!decoder) return;
  jpeg_destroy_decompress(&decoder->info);
  free(decoder->rows);
  free(decoder);
}

void vj_limit_memory(vj_decoder *decoder, size_t max_memory) {
  decoder->info.mem->max_memory_to_use = max_memory > 0x7fffffff ? 0x7fffffff : (long)max_memory;
}

static int source_open(vj_decoder *decoder, size_t max_memory) {
  if (setjmp(decoder->error.jump)) return decoder->error.code;
  jpeg_create_decompress(&decoder->info);
  vj_limit_memory(decoder, max_memory);
  decoder->source.init_source = source_nothing;
  decoder->source.fill_input_buffer = source_fill;
  decoder->source.skip_input_data = source_skip;
  decoder->source.resync_to_restart = jpeg_resync_to_restart;
  decoder->source.term_source = source_nothing;
  decoder->info.src = &decoder->source;
  decoder->progress.progress_monitor = on_progress;
  decoder->info.progress = &decoder->progress;
  return VJ_OK;
}

vj_decoder *vj_open(const uint8_t *bytes, size_t length, size_t max_memory, int scan_limit) {
  vj_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  error_init(&decoder->error);
  decoder->error.scan_limit = scan_limit;
  decoder->info.err = &decoder->error.pub;
  if (source_open(decoder, max_memory) != VJ_OK) {
    vj_close(decoder);
    return NULL;
  }
  decoder->source.next_input_byte = bytes;
  decoder->source.bytes_in_buffer = length;
  return decoder;
}

const char *vj_message(const vj_decoder *decoder) { return decoder->error.message; }

long vj_warnings(const vj_decoder *decoder) { return decoder->error.pub.num_warnings; }

int vj_read_header(vj_decoder *decoder, vj_header *header) {
  j_decompress_ptr info = &decoder->info;
  if (setjmp(decoder->error.jump)) return decoder->error.code;
  jpeg_save_markers(info, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(info, TRUE);
  header->width = info->image_width;
  header->height = info->image_height;
  header->components = (uint32_t)info->num_components;
  header->colour = (uint32_t)info->jpeg_color_space;
  header->precision = (uint32_t)info->data_precision;
  header->mcu_width = (uint32_t)info->max_h_samp_factor * DCTSIZE;
  header->mcu_height = (uint32_t)info->max_v_samp_factor * DCTSIZE;
  header->progressive = info->progressive_mode != 0;
  header->arithmetic = info->arith_code != 0;
  /* A lossless scan names its predictor where a DCT scan has its spectral range. */
  header->lossless = !info->progressive_mode && info->Ss >= 1 && info->Ss <= 7 && info->Se == 0;
  header->adobe = info->saw_Adobe_marker != 0;
  return VJ_OK;
}

/* The first APP1 segment that is EXIF, without its six-byte signature. */
int vj_exif(const vj_decoder *decoder, const uint8_t **bytes, size_t *length) {
  jpeg_saved_marker_ptr marker = decoder->info.marker_list;
  for (; marker; marker = marker->next) {
    if (marker->marker == JPEG_APP0 + 1 && marker->data_length >= 6 && !memcmp(marker->data, "Exif\0", 5)) {
      *bytes = marker->data + 6;
      *length = marker->data_length - 6;
      return 1;
    }
  }
  return 0;
}

static int divide_255(int product) { return ((product + 128) + ((product + 128) >> 8)) >> 8; }

static uint8_t luma(int r, int g, int b) { return (uint8_t)((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16); }

/* Four inks, stored as Adobe stores them (255 = no ink), to light: Pillow's arithmetic. */
static void inks_to_light(uint8_t *out, const uint8_t *in, uint32_t count, uint32_t channels) {
  for (; count > 0; count--, in += 4, out += channels) {
    int k = in[3], light[3];
    for (int c = 0; c < 3; c++) light[c] = k - divide_255((255 - in[c]) * k);
    if (channels == VJ_GREY) {
      out[0] = luma(light[0], light[1], light[2]);
    } else {
      for (int c = 0; c < 3; c++) out[c] = (uint8_t)light[c];
    }
  }
}

/* Decodes the wanted rectangle into `out`, rows `stride` bytes apart. The caller has checked that `out` is
 * large enough and that the rectangle lies inside the scaled picture; both are checked again here where
 * it costs nothing. */
int vj_decode(vj_decoder *decoder, const vj_request *request, uint8_t *out, size_t stride) {
  j_decompress_ptr info = &decoder->info;
  vj_error *error = &decoder->error;
  if (setjmp(error->jump)) return error->code;

  info->scale_num = 1;
  info->scale_denom = request->denominator;
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = TRUE;
  int inks = info->num_components == 4;
  info->out_color_space = inks ? JCS_CMYK : request->channels == VJ_GREY ? JCS_GRAYSCALE : JCS_RGB;
  int multiscan = jpeg_has_multiple_scans(info);
  jpeg_start_decompress(info);
  if (multiscan && error->truncated) fail(error, VJ_TRUNCATED, "the last scans are missing");
  if (request->x0 >= request->x1 || request->y0 >= request->y1 || request->x1 > info->output_width ||
      request->y1 > info->output_height)
    fail(error, VJ_ARGUMENT, "the region leaves the picture");

  /* Fancy upsampling looks one chroma sample to either side. The crop is widened by an iMCU, the coarsest
   * step it can take, so that the wanted columns never lie at its edge. */
  JDIMENSION margin = (JDIMENSION)(info->max_h_samp_factor * info->min_DCT_scaled_size);
  JDIMENSION left = request->x0 > margin ? request->x0 - margin : 0;
  JDIMENSION right = request->x1 + margin < info->output_width ? request->x1 + margin : info->output_width;
  JDIMENSION width = info->output_width;
  if (left >= margin || right + margin <= info->output_width) {
    width = right - left;
    jpeg_crop_scanline(info, &left, &width);
  } else {
    left = 0;
  }
  JDIMENSION wanted = request->x1 - request->x0;
  size_t pixel = (size_t)info->output_components;
  int direct = !inks && width == wanted;
  if (!direct) {
    decoder->rows = malloc((size_t)width * pixel * VJ_ROWS);
    if (!decoder->rows) fail(error, VJ_MEMORY, "no memory for rows");
  }

  if (request->y0 > 0) jpeg_skip_scanlines(info, request->y0);
  JDIMENSION y = request->y0;
  JSAMPROW rows[VJ_ROWS];
  while (y < request->y1) {
    JDIMENSION ask = request->y1 - y < VJ_ROWS ? request->y1 - y : VJ_ROWS;
    for (JDIMENSION k = 0; k < ask; k++)
      rows[k] = direct ? out + (size_t)(y - request->y0 + k) * stride : decoder->rows + (size_t)width * pixel * k;
    JDIMENSION got = jpeg_read_scanlines(info, rows, ask);
    if (got == 0) fail(error, VJ_BROKEN, "the decoder gives no more rows");
    if (!direct) {
      for (JDIMENSION k = 0; k < got; k++) {
        uint8_t *to = out + (size_t)(y - request->y0 + k) * stride;
        const uint8_t *from = rows[k] + (size_t)(request->x0 - left) * pixel;
        if (inks)
          inks_to_light(to, from, wanted, request->channels);
        else
          memcpy(to, from, (size_t)wanted * pixel);
      }
    }
    y += got;
  }
  /* Never jpeg_finish_decompress: what follows the last wanted row is nobody's business. But where no end
   * marker vouches for the rest, its rows are entropy-decoded to the last, so that a file cut short is found
   * out whatever part of it was asked for. (Skipping past the bottom would decode nothing, hence the read.) */
  if (request->to_the_end && y < info->output_height) {
    if (direct) {
      decoder->rows = malloc((size_t)width * pixel);
      if (!decoder->rows) fail(error, VJ_MEMORY, "no memory for rows");
    }
    JDIMENSION rest = info->output_height - y;
    if (rest > 1) jpeg_skip_scanlines(info, rest - 1);
    rows[0] = decoder->rows;
    jpeg_read_scanlines(info, rows, 1);
  }
  /* The decoder asked for more than there was, even if it got by with zeros for an end. */
  if (error->truncated) fail(error, VJ_TRUNCATED, "the compressed data ends early");
  jpeg_abort_decompress(info);
  return VJ_OK;
}

/* The library's own memory target frees twice when an error follows a reallocation; this one does not. */
static void target_nothing(j_compress_ptr info) { (void)info; }

static boolean target_grow(j_compress_ptr info) {
  vj_encoder *encoder = (vj_encoder *)info;
  size_t capacity = encoder->capacity ? encoder->capacity * 2 : 1 << 16;
  uint8_t *grown = realloc(encoder->buffer, capacity);
  if (!grown) fail(&encoder->error, VJ_MEMORY, "no memory for the encoded file");
  size_t used = encoder->capacity;
  encoder->buffer = grown;
  encoder->capacity = capacity;
  encoder->target.next_output_byte = grown + used;
  encoder->target.free_in_buffer = capacity - used;
  return TRUE;
}

static void target_init(j_compress_ptr info) { target_grow(info); }

/* Encodes rows of 1 (grey), 3 (RGB) or 4 (inks as stored) channels. On success `*out` is to be freed with
 * vj_free. `sampling` is the horizontal factor × 16 + the vertical one of the luma component. */
int vj_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, size_t stride, int quality,
              int sampling, int progressive, uint8_t **out, size_t *length) {
  vj_encoder *encoder = calloc(1, sizeof *encoder);
  if (!encoder) return VJ_MEMORY;
  j_compress_ptr info = &encoder->info;
  error_init(&encoder->error);
  info->err = &encoder->error.pub;
  if (setjmp(encoder->error.jump)) {
    int code = encoder->error.code;
    jpeg_destroy_compress(&encoder->info);
    free(encoder->buffer);
    free(encoder);
    return code;
  }
  jpeg_create_compress(info);
  encoder->target.init_destination = target_init;
  encoder->target.empty_output_buffer = target_grow;
  encoder->target.term_destination = target_nothing;
  info->dest = &encoder->target;
  info->image_width = width;
  info->image_height = height;
  info->input_components = (int)channels;
  info->in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(info);
  info->dct_method = JDCT_ISLOW;
  jpeg_set_quality(info, quality, TRUE);
  if (channels == 3) {
    info->comp_info[0].h_samp_factor = sampling >> 4;
    info->comp_info[0].v_samp_factor = sampling & 15;
  }
  if (progressive) jpeg_simple_progression(info);
  jpeg_start_compress(info, TRUE);
  while (info->next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(uintptr_t)(pixels + (size_t)info->next_scanline * stride);
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
  *length = encoder->capacity - encoder->target.free_in_buffer;
  *out = encoder->buffer;
  jpeg_destroy_compress(info);
  free(encoder);
  return VJ_OK;
}

void vj_free(uint8_t *buffer) { free(buffer); }
