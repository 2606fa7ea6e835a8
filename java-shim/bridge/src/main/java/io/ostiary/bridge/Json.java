package io.ostiary.bridge;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A JSON object: written member by member, read with a default for what is absent. The one class
 * that knows the JSON library.
 */
final class Json {
  private final JsonObject object;

  private Json(JsonObject object) {
    this.object = object;
  }

  /** An empty object. */
  Json() {
    this(new JsonObject());
  }

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException when the text is not one
   */
  static Json parse(String text) {
    JsonElement element;
    try {
      element = JsonParser.parseString(text);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
    if (!element.isJsonObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    return new Json(element.getAsJsonObject());
  }

  /** Reads what the library wrote. That it is a JSON object is the library's promise. */
  static Json parse(byte[] utf8) {
    return parse(Utf8.text(utf8));
  }

  /** A null text is written as null. */
  Json put(String name, String text) {
    object.add(name, text == null ? JsonNull.INSTANCE : new JsonPrimitive(text));
    return this;
  }

  Json put(String name, long number) {
    object.addProperty(name, Long.valueOf(number));
    return this;
  }

  Json put(String name, boolean flag) {
    object.addProperty(name, Boolean.valueOf(flag));
    return this;
  }

  /** A null object is written as null. */
  Json put(String name, Json value) {
    object.add(name, value == null ? JsonNull.INSTANCE : value.object);
    return this;
  }

  Json put(String name, Iterable<String> texts) {
    JsonArray array = new JsonArray();
    for (String text : texts) {
      array.add(text);
    }
    object.add(name, array);
    return this;
  }

  void remove(String name) {
    object.remove(name);
  }

  /** Whether there is a member of that name that is not null. */
  boolean has(String name) {
    return member(name) != null;
  }

  Set<String> names() {
    return object.keySet();
  }

  /** The text, or null when it is absent or null. */
  String text(String name) {
    JsonElement member = member(name);
    return member == null ? null : member.getAsString();
  }

  String text(String name, String otherwise) {
    JsonElement member = member(name);
    return member == null ? otherwise : member.getAsString();
  }

  long number(String name, long otherwise) {
    JsonElement member = member(name);
    return member == null ? otherwise : member.getAsLong();
  }

  int integer(String name, int otherwise) {
    JsonElement member = member(name);
    return member == null ? otherwise : member.getAsInt();
  }

  boolean flag(String name, boolean otherwise) {
    JsonElement member = member(name);
    return member == null ? otherwise : member.getAsBoolean();
  }

  /** The object, or null when the member is absent, null, or no object. */
  Json object(String name) {
    JsonElement member = member(name);
    return member == null || !member.isJsonObject() ? null : new Json(member.getAsJsonObject());
  }

  /** The objects of an array; none when it is absent or null. */
  List<Json> objects(String name) {
    List<Json> objects = new ArrayList<Json>();
    for (JsonElement element : array(name)) {
      objects.add(new Json(element.getAsJsonObject()));
    }
    return objects;
  }

  /** The texts of an array; none when it is absent or null. */
  List<String> texts(String name) {
    return texts(array(name));
  }

  /** An array of arrays of texts; none when it is absent or null. */
  List<List<String>> rows(String name) {
    List<List<String>> rows = new ArrayList<List<String>>();
    for (JsonElement element : array(name)) {
      rows.add(texts(element.getAsJsonArray()));
    }
    return rows;
  }

  byte[] bytes() {
    return Utf8.bytes(toString());
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return object.toString();
  }

  private static List<String> texts(JsonArray array) {
    List<String> texts = new ArrayList<String>(array.size());
    for (JsonElement element : array) {
      texts.add(element.getAsString());
    }
    return Collections.unmodifiableList(texts);
  }

  private JsonArray array(String name) {
    JsonElement member = member(name);
    return member == null ? new JsonArray() : member.getAsJsonArray();
  }

  private JsonElement member(String name) {
    JsonElement member = object.get(name);
    return member == null || member.isJsonNull() ? null : member;
  }
}
