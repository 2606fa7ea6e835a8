package io.ostiary.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** Self-signed RSA-2048 certificates, made by the JDK's keytool at run time. */
final class Certificates {
  static final char[] PASSWORD = "of a test".toCharArray();
  private static final String ALIAS = "test";

  private Certificates() {}

  /** A certificate in base64 whose private key is thrown away. */
  static String make() {
    try {
      return Base64.getEncoder()
          .encodeToString(keyStore("test").getCertificate(ALIAS).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A fresh key and its certificate for localhost and 127.0.0.1. */
  static KeyStore keyStore(String commonName) {
    return keyStore(commonName, "dns:localhost,ip:127.0.0.1");
  }

  /** A fresh key and its certificate for these alternative names. */
  static KeyStore keyStore(String commonName, String names) {
    try {
      Path file = Files.createTempFile("ostiary-test", ".p12");
      Files.delete(file); // keytool wants to make it
      try {
        keytool(file, commonName, names);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          store.load(in, PASSWORD);
        }
        return store;
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate of a store alone: what a client trusts. */
  static KeyStore trusting(KeyStore store) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
      return trusted;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path file, String commonName, String names) throws IOException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            keytool, "-genkeypair", "-alias", ALIAS, "-keyalg", "RSA", "-keysize", "2048");
    builder.command().addAll(List.of("-dname", "CN=" + commonName, "-ext", "san=" + names));
    builder
        .command()
        .addAll(
            List.of(
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
    Process process = builder.redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + told);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
