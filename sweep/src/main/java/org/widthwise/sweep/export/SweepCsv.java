package org.widthwise.sweep.export;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of a sweep as CSV. */
public final class SweepCsv {

  private SweepCsv() {}

  /**
   * Writes a table. A missing value is an empty field, a number that is none is {@code NaN}.
   *
   * @param table the table
   * @return CSV with a header
   */
  public static String write(SweepTable<?> table) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      writeTo(csv, table);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static <R> void writeTo(CsvWriter csv, SweepTable<R> table) {
    List<Column<R>> columns = table.columns();
    csv.writeRecord(columns.stream().map(Column::name).toList());
    for (R row : table.rows()) {
      csv.writeRecord(columns.stream().map(column -> field(column.value().of(row))).toList());
    }
  }

  private static String field(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
