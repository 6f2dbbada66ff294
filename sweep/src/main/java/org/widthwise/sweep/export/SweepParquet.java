package org.widthwise.sweep.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.run.AtomicFiles;

/**
 * A table of a sweep as <a href="https://parquet.apache.org">Parquet</a>: columns with types, in
 * which a missing value is null and NaN is a number.
 *
 * <p>Of Hadoop, which the library can do without, nothing is there at run time: what would load its
 * classes is not called.
 */
public final class SweepParquet {

  private static final String SCHEMA_NAME = "sweep";

  private SweepParquet() {}

  /**
   * Writes a table so that a reader sees all of it or none.
   *
   * @param file where to write; its directory exists
   * @param table the table
   * @throws IOException if it cannot be written; the file is then as it was before
   */
  public static void write(Path file, SweepTable<?> table) throws IOException {
    AtomicFiles.write(file, out -> writeTo(new StreamFile(out), table));
  }

  private static <R> void writeTo(StreamFile out, SweepTable<R> table) throws IOException {
    List<Column<R>> columns = table.columns();
    MessageType schema =
        new MessageType(SCHEMA_NAME, columns.stream().map(SweepParquet::field).toList());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(out)
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCodecFactory(new Uncompressed())
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (R row : table.rows()) {
        Group group = new SimpleGroup(schema);
        for (int i = 0; i < columns.size(); i++) {
          add(group, i, columns.get(i).value().of(row));
        }
        writer.write(group);
      }
    }
  }

  private static Type field(Column<?> column) {
    Repetition repetition = column.optional() ? Repetition.OPTIONAL : Repetition.REQUIRED;
    return switch (column.type()) {
      case TEXT ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(column.name());
      case INTEGER -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(column.name());
      case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(column.name());
      case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(column.name());
    };
  }

  private static void add(Group group, int field, @Nullable Object value) {
    if (value instanceof String text) {
      group.add(field, text);
    } else if (value instanceof Integer number) {
      group.add(field, number.intValue());
    } else if (value instanceof Long number) {
      group.add(field, number.longValue());
    } else if (value instanceof Double number) {
      group.add(field, number.doubleValue());
    }
  }
}
