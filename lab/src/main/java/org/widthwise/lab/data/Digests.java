package org.widthwise.lab.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests that every Java platform must provide. */
public final class Digests {
  private Digests() {}

  static MessageDigest sha256() {
    return of("SHA-256");
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * SHA-256 of a text in UTF-8.
   *
   * @param text the text
   * @return 64 lower-case hexadecimal digits
   */
  public static String sha256(String text) {
    MessageDigest digest = sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(digest);
  }

  /**
   * SHA-256 of a whole file.
   *
   * @param file the file
   * @return 64 lower-case hexadecimal digits
   * @throws IOException if it cannot be read
   */
  public static String sha256(Path file) throws IOException {
    return ofFile(sha256(), file);
  }

  /** MD5 of a whole file, the digest that the authors of CIFAR-10 publish. */
  static String md5(Path file) throws IOException {
    return ofFile(of("MD5"), file);
  }

  private static String ofFile(MessageDigest digest, Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return hex(digest);
  }

  private static MessageDigest of(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide " + algorithm, e);
    }
  }
}
