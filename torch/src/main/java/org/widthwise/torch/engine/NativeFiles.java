package org.widthwise.torch.engine;

import java.io.IOException;
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
  /** Directories end in the platform, or in the platform and the extension of the CUDA build. */
  private static final List<String> EXTENSIONS = List.of("", "-gpu");

  private NativeFiles() {}

  /**
   * Whether an earlier start has unpacked libtorch here.
   *
   * @param cache the cache directory
   * @return true if so
   * @throws IOException if the directory cannot be read
   */
  static boolean areUnpacked(Path cache) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(cache, "pytorch-*")) {
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
      unpack(torch.class, "org/bytedeco/pytorch/", extension);
    }
  }

  private static void unpack(Class<?> owner, String library, String extension) throws IOException {
    String directory = library + Loader.getPlatform() + extension + "/";
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
