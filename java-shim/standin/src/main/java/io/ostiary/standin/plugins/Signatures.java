package io.ostiary.standin.plugins;

import io.ostiary.standin.host.Switches;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The signature check of UPM 8: a detached Ed25519 signature over the jar's bytes, by a certificate
 * in {@code upmconfig/truststore} of the home. On unless switched off.
 */
final class Signatures {

  private static final String OFF = "atlassian.upm.signature.check.disabled";

  private final Switches switches;

  Signatures(Switches switches) {
    this.switches = switches;
  }

  /** Refuses a jar whose signature (base64, or null) no trusted certificate made. */
  void check(byte[] jar, String signature) throws Refused {
    if (!switches.profile().isJakarta() || isOff()) {
      return;
    }
    List<Certificate> trusted = trusted();
    if (trusted.isEmpty()) {
      throw new Refused("The app signature cannot be verified: the trust store is empty");
    }
    if (signature == null || signature.isBlank()) {
      throw new Refused("The app is not signed");
    }
    byte[] bytes;
    try {
      bytes = Base64.getMimeDecoder().decode(signature.trim());
    } catch (IllegalArgumentException e) {
      throw new Refused("The app signature is not base64", e);
    }
    for (Certificate certificate : trusted) {
      if (isBy(certificate, jar, bytes)) {
        return;
      }
    }
    throw new Refused("The app signature is not valid for any trusted certificate");
  }

  private boolean isOff() {
    if (switches.is(OFF, false)) {
      return true;
    }
    Properties properties = new Properties();
    Path file = switches.sharedHome().resolve("upmconfig/upm.properties");
    if (Files.isRegularFile(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException e) {
        return false;
      }
    }
    return Boolean.parseBoolean(properties.getProperty(OFF));
  }

  private List<Certificate> trusted() throws Refused {
    Path directory = switches.sharedHome().resolve("upmconfig/truststore");
    List<Certificate> certificates = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          certificates.add(certificate(Files.readAllBytes(file)));
        }
      } catch (IOException | CertificateException e) {
        throw new Refused("The trust store cannot be read: " + e.getMessage(), e);
      }
    }
    return certificates;
  }

  private static Certificate certificate(byte[] bytes) throws CertificateException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(bytes));
  }

  private static boolean isBy(Certificate certificate, byte[] jar, byte[] signature) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(certificate.getPublicKey());
      check.update(jar);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The text of an uploaded signature file. */
  static String text(byte[] file) {
    return new String(file, StandardCharsets.US_ASCII);
  }
}
