package io.ostiary.addon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/** A key of Ed25519 with its certificate, as they sign add-ons. */
final class Signer {

  private static final String PASSWORD = "changeit";

  private final KeyStore keys;

  /**
   * @param folder where the key store is made
   */
  Signer(Path folder) throws IOException, GeneralSecurityException {
    Path store = folder.resolve("signer.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "Ed25519",
                "-alias",
                "key",
                "-dname",
                "CN=Ostiary add-ons",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  /** As PEM. */
  String certificate() throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(keys.getCertificate("key").getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  /** The signature of the bytes, in base64. */
  String sign(byte[] bytes) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign((PrivateKey) keys.getKey("key", PASSWORD.toCharArray()));
    signature.update(bytes);
    return Base64.getEncoder().encodeToString(signature.sign());
  }
}
