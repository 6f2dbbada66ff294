package org.widthwise.audit.checkpoint;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** PyTorch's element types, each with its storage's name if older than the untyped storages. */
enum TorchType {
  FLOAT64("float64", "DoubleStorage", 8, ElementType.F64),
  FLOAT32("float32", "FloatStorage", 4, ElementType.F32),
  FLOAT16("float16", "HalfStorage", 2, ElementType.F16),
  BFLOAT16("bfloat16", "BFloat16Storage", 2, ElementType.BF16),
  FLOAT8_E4M3FN("float8_e4m3fn", null, 1, ElementType.F8_E4M3),
  FLOAT8_E5M2("float8_e5m2", null, 1, ElementType.F8_E5M2),
  FLOAT8_E4M3FNUZ("float8_e4m3fnuz", null, 1, ElementType.F8_E4M3FNUZ),
  FLOAT8_E5M2FNUZ("float8_e5m2fnuz", null, 1, ElementType.F8_E5M2FNUZ),
  FLOAT8_E8M0FNU("float8_e8m0fnu", null, 1, null),
  FLOAT4_E2M1FN_X2("float4_e2m1fn_x2", null, 1, null),
  INT64("int64", "LongStorage", 8, null),
  INT32("int32", "IntStorage", 4, null),
  INT16("int16", "ShortStorage", 2, null),
  INT8("int8", "CharStorage", 1, null),
  UINT8("uint8", "ByteStorage", 1, null),
  UINT16("uint16", null, 2, null),
  UINT32("uint32", null, 4, null),
  UINT64("uint64", null, 8, null),
  BOOL("bool", "BoolStorage", 1, null),
  COMPLEX32("complex32", null, 4, null),
  COMPLEX64("complex64", "ComplexFloatStorage", 8, null),
  COMPLEX128("complex128", "ComplexDoubleStorage", 16, null);

  private final String label;
  private final @Nullable String storage;
  private final int bytes;
  private final @Nullable ElementType elements;

  TorchType(String label, @Nullable String storage, int bytes, @Nullable ElementType elements) {
    this.label = label;
    this.storage = storage;
    this.bytes = bytes;
    this.elements = elements;
  }

  /** The name of the type, without {@code torch.} before it. */
  String label() {
    return label;
  }

  /** The element's size. */
  int bytes() {
    return bytes;
  }

  /** How to read the elements, if they are real floats. */
  Optional<ElementType> elements() {
    return Optional.ofNullable(elements);
  }

  /** The full name of the typed storage, if there is one. */
  Optional<String> storage() {
    return Optional.ofNullable(storage).map(name -> "torch." + name);
  }

  /** The full name of the type. */
  String global() {
    return "torch." + label;
  }

  static Optional<TorchType> ofStorage(String global) {
    return Arrays.stream(values())
        .filter(type -> type.storage().filter(global::equals).isPresent())
        .findFirst();
  }

  static Optional<TorchType> ofGlobal(String global) {
    return Arrays.stream(values()).filter(type -> type.global().equals(global)).findFirst();
  }
}
