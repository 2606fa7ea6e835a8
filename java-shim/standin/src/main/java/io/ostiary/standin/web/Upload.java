package io.ostiary.standin.web;

import io.ostiary.standin.plugins.Plugin;
import io.ostiary.standin.plugins.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.servlet.ServletException;
import javax.servlet.http.Part;

/** An uploaded jar: part {@code plugin}, and part {@code signature} where UPM checks one. */
final class Upload {

  private Upload() {}

  static Plugin take(Exchange exchange) throws IOException, ServletException, Refused {
    if (!exchange.parts().switches().isUploadAllowed()) {
      throw new Refused("Uploading apps is disabled: upm.plugin.upload.enabled is not true");
    }
    byte[] jar = bytes(exchange.request().getPart("plugin"));
    if (jar == null) {
      throw new Refused("no part named plugin");
    }
    byte[] signature = bytes(exchange.request().getPart("signature"));
    return exchange
        .parts()
        .plugins()
        .install(jar, signature == null ? null : new String(signature, StandardCharsets.US_ASCII));
  }

  private static byte[] bytes(Part part) throws IOException {
    if (part == null || part.getSize() == 0) {
      return null;
    }
    try (InputStream in = part.getInputStream()) {
      return in.readAllBytes();
    }
  }
}
