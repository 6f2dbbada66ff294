// Writes ggml.gguf by ggml's own writer, for the tests to compare with.
//
//   cc write_gguf.c -I ggml/include -L ggml/build/src -lggml-base -lm -o write_gguf
//   ./write_gguf ggml.gguf > values.json
//
// The file in this folder is from ggml d99724f (2026-08-21). What the values must be goes to standard output; gguf.json
// has it in the form of expected.json.

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ggml.h"
#include "gguf.h"

static const struct {
    const char * name;
    enum ggml_type type;
    int64_t inner, middle, outer;
} TENSORS[] = {
    {"token_embd.weight", GGML_TYPE_F16, 3, 5, 1},
    {"blk.0.attn_q.weight", GGML_TYPE_F32, 3, 3, 1},
    {"blk.0.attn_norm.weight", GGML_TYPE_F32, 3, 1, 1},
    {"blk.0.ffn_up.weight", GGML_TYPE_BF16, 3, 7, 1},
    {"conv.weight", GGML_TYPE_F64, 2, 3, 4},
    {"quantized.weight", GGML_TYPE_Q8_0, 32, 2, 1},
    {"steps", GGML_TYPE_I32, 1, 1, 1},
    {"output.weight", GGML_TYPE_F32, 3, 5, 1},
};
enum { COUNT = sizeof(TENSORS) / sizeof(TENSORS[0]) };

static void values(struct gguf_context * file) {
    const char * tokens[] = {"<s>", "", "</s>", "wörd"};
    const float scores[] = {1, 2, 3};
    gguf_set_val_str(file, "general.architecture", "llama");
    gguf_set_val_str(file, "general.name", "Fixture ü");
    gguf_set_val_u8(file, "a.u8", 200);
    gguf_set_val_i8(file, "a.i8", -3);
    gguf_set_val_u16(file, "a.u16", 60000);
    gguf_set_val_i16(file, "a.i16", -3000);
    gguf_set_val_u32(file, "llama.block_count", 1);
    gguf_set_val_i32(file, "a.i32", -1);
    gguf_set_val_f32(file, "a.f32", 1e-5f);
    gguf_set_val_bool(file, "a.bool", true);
    gguf_set_val_u64(file, "a.u64", 1ull << 40);
    gguf_set_val_i64(file, "a.i64", -5);
    gguf_set_val_f64(file, "a.f64", 0.1);
    gguf_set_arr_str(file, "tokenizer.ggml.tokens", tokens, 4);
    gguf_set_arr_data(file, "tokenizer.ggml.scores", GGUF_TYPE_FLOAT32, scores, 3);
}

static double put(struct ggml_tensor * tensor, int64_t at, double value) {
    switch (tensor->type) {
        case GGML_TYPE_F64: value += 0x1p-40; ((double *) tensor->data)[at] = value; break;
        case GGML_TYPE_F32: ((float *) tensor->data)[at] = (float) value; break;
        case GGML_TYPE_F16: ((ggml_fp16_t *) tensor->data)[at] = ggml_fp32_to_fp16((float) value); break;
        case GGML_TYPE_BF16: ((ggml_bf16_t *) tensor->data)[at] = ggml_fp32_to_bf16((float) value); break;
        default: break;
    }
    return value;
}

static void fill(struct ggml_tensor * tensor, int which) {
    memset(tensor->data, 0, ggml_nbytes(tensor));
    if (tensor->type == GGML_TYPE_Q8_0 || tensor->type == GGML_TYPE_I32) {
        return;
    }
    printf("%s\"%s\": {\"shape\": [", which == 0 ? "" : ", ", tensor->name);
    for (int i = ggml_n_dims(tensor) - 1; i >= 0; i--) {
        printf("%d%s", (int) tensor->ne[i], i == 0 ? "" : ", ");
    }
    printf("], \"values\": [");
    for (int64_t i = 0; i < ggml_nelements(tensor); i++) {
        double value = put(tensor, i, (i % 2 ? -1 : 1) * (double) (i + 1) * pow(2, which - 4));
        printf("%s\"%a\"", i == 0 ? "" : ", ", value);
    }
    printf("]}");
}

int main(int count, char ** words) {
    if (count != 2) {
        fprintf(stderr, "usage: write_gguf FILE\n");
        return 2;
    }
    struct ggml_init_params memory = {16 << 20, NULL, false};
    struct ggml_context * context = ggml_init(memory);
    struct gguf_context * file = gguf_init_empty();
    values(file);
    printf("{");
    for (int i = 0; i < COUNT; i++) {
        struct ggml_tensor * tensor =
            TENSORS[i].outer > 1
                ? ggml_new_tensor_3d(context, TENSORS[i].type, TENSORS[i].inner, TENSORS[i].middle, TENSORS[i].outer)
            : TENSORS[i].middle > 1 ? ggml_new_tensor_2d(context, TENSORS[i].type, TENSORS[i].inner, TENSORS[i].middle)
                                    : ggml_new_tensor_1d(context, TENSORS[i].type, TENSORS[i].inner);
        ggml_set_name(tensor, TENSORS[i].name);
        fill(tensor, i);
        gguf_add_tensor(file, tensor);
    }
    printf("}\n");
    return gguf_write_to_file(file, words[1], false) ? 0 : 1;
}
