package org.widthwise.lab.run;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;

/**
 * Writes a number that is infinite or none as null, and reads null as NaN. Jackson's own way, the
 * string "NaN", is a trap for programs that expect a number.
 */
final class JsonNumbers {

  private JsonNumbers() {}

  static Module module() {
    return new SimpleModule()
        .addSerializer(Double.class, new Writer())
        .addSerializer(double.class, new Writer())
        .addDeserializer(Double.class, new Reader())
        .addDeserializer(double.class, new Reader());
  }

  private static final class Writer extends StdScalarSerializer<Double> {

    private static final long serialVersionUID = 1L;

    Writer() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(value);
      } else {
        json.writeNull();
      }
    }
  }

  private static final class Reader extends StdScalarDeserializer<Double> {

    private static final long serialVersionUID = 1L;

    Reader() {
      super(Double.class);
    }

    @Override
    public Double deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.currentToken().isNumeric()) {
        context.reportInputMismatch(this, "a number is needed, not " + json.getText());
      }
      return json.getDoubleValue();
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
      return Double.NaN;
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
      return context.reportInputMismatch(this, "a number is missing");
    }
  }
}
