package io.ostiary.bridge;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** JSON as UTF-8 bytes, and lenient reading of what may be absent. */
final class Utf8 {
  static final Charset CHARSET = Charset.forName("UTF-8");

  private Utf8() {}

  static byte[] bytes(JsonValue json) {
    return json.toString().getBytes(CHARSET);
  }

  static byte[] bytes(String text) {
    return text.getBytes(CHARSET);
  }

  static String text(byte[] bytes) {
    return new String(bytes, CHARSET);
  }

  /** Reads what the library wrote. That it is a JSON object is the library's promise. */
  static JsonObject object(byte[] bytes) {
    return Json.parse(text(bytes)).asObject();
  }

  static JsonValue orNull(String text) {
    return text == null ? Json.NULL : Json.value(text);
  }

  /** The member as a string, or null when it is absent or null. */
  static String string(JsonObject object, String name) {
    JsonValue value = object.get(name);
    return value == null || value.isNull() ? null : value.asString();
  }

  /** The member as an object, or null when it is absent or null. */
  static JsonObject object(JsonObject object, String name) {
    JsonValue value = object.get(name);
    return value == null || value.isNull() ? null : value.asObject();
  }

  /** The member as an array; an empty one when it is absent or null. */
  static JsonArray array(JsonObject object, String name) {
    JsonValue value = object.get(name);
    return value == null || value.isNull() ? new JsonArray() : value.asArray();
  }

  static List<String> strings(JsonArray array) {
    List<String> strings = new ArrayList<String>(array.size());
    for (JsonValue value : array) {
      strings.add(value.asString());
    }
    return Collections.unmodifiableList(strings);
  }

  static JsonArray array(Iterable<String> strings) {
    JsonArray array = new JsonArray();
    for (String string : strings) {
      array.add(string);
    }
    return array;
  }
}
