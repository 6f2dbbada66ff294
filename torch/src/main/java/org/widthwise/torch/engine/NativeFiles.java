package org.widthwise.torch.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * Unpacks every native library before the first of them is loaded.
 *
 * <p>The loader itself unpacks one library, loads it, and goes on to the next. In an empty cache it
 * thus tries {@code libtorch} before {@code libtorch_cpu}, which it needs, is there; that load
 * fails half-way and the next one ends in a SIGSEGV of the JVM. With all the files in place it does
 * not.
 */
final class NativeFiles {
  private static final String CUDA = "-gpu";

  /** Directories end in the platform, or in the platform and the extension of the CUDA build. */
  private static final List<String> EXTENSIONS = List.of("", CUDA);

  private static final String PYTORCH = "org/bytedeco/pytorch/";

  private NativeFiles() {}

  /**
   * Whether an earlier start has unpacked libtorch here.
   *
   * @param cache the cache directory
   * @return true if so
   * @throws IOException if the directory cannot be read
   */
  static boolean areUnpacked(Path cache) throws IOException {
    // Builds with and without CUDA have directories of their own.
    String build = "pytorch-*" + Loader.getPlatform() + (areOfCuda() ? CUDA : "") + ".jar";
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(cache, build)) {
      return entries.iterator().hasNext();
    }
  }

  /**
   * Unpacks what is missing or, by its size or date, not the file in the jar.
   *
   * @throws IOException if a file cannot be written
   */
  static void unpack() throws IOException {
    for (String extension : EXTENSIONS) {
      unpack(openblas_nolapack.class, "org/bytedeco/openblas/", extension);
      unpack(torch.class, PYTORCH, extension);
    }
  }

  /** Whether the build of libtorch on the class path is the one with CUDA. */
  static boolean areOfCuda() {
    try {
      return Loader.findResource(torch.class, "/" + directory(PYTORCH, CUDA)) != null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String directory(String library, String extension) {
    return library + Loader.getPlatform() + extension + "/";
  }

  private static void unpack(Class<?> owner, String library, String extension) throws IOException {
    String directory = directory(library, extension);
    URL url = Loader.findResource(owner, "/" + directory);
    // Libraries that do not come out of a jar are files already.
    if (url != null && url.openConnection() instanceof JarURLConnection connection) {
      JarFile jar = connection.getJarFile();
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (name.startsWith(directory)
            && !entry.isDirectory()
            && name.indexOf('/', directory.length()) < 0) {
          Loader.cacheResource(owner, "/" + name);
        }
      }
    }
  }
}
