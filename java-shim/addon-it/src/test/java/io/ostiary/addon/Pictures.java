package io.ostiary.addon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openqa.selenium.OutputType;

/** Pictures of pages, for people to look at. */
final class Pictures {

  private Pictures() {}

  /** One of the element. */
  static void take(Chrome chrome, String profile, String name, String selector) throws IOException {
    Path folder = Path.of(System.getProperty("ostiary.pictures"), profile);
    Files.createDirectories(folder);
    byte[] picture = chrome.find(selector).getScreenshotAs(OutputType.BYTES);
    Files.write(folder.resolve(name + ".png"), picture);
  }
}
