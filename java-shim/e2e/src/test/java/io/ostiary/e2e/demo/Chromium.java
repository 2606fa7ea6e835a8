package io.ostiary.e2e.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A fresh headless Chromium: the installed one, driven by the installed chromedriver; nothing is
 * downloaded.
 */
public final class Chromium implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final ChromeDriver driver;
  private final Path shots;

  /**
   * Starts one with an empty profile.
   *
   * @param shots the directory of the screenshots
   */
  public Chromium(Path shots) {
    this.shots = shots;
    ChromeOptions options = new ChromeOptions();
    options.setBinary(installed("chromium", "chromium-browser", "google-chrome"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=1100,800");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(installed("chromedriver"))
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(PATIENCE);
  }

  private static File installed(String... names) {
    Optional<File> found =
        Arrays.stream(names)
            .flatMap(
                name ->
                    Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(folder -> new File(folder, name)))
            .filter(File::canExecute)
            .findFirst();
    return found.orElseThrow(
        () -> new IllegalStateException("none of " + Arrays.toString(names) + " is installed"));
  }

  public void open(String url) {
    driver.get(url);
  }

  /** Opens the address in another tab, which is the one looked at from now on. */
  public String openTab(String url) {
    driver.switchTo().newWindow(WindowType.TAB);
    driver.get(url);
    return driver.getWindowHandle();
  }

  public void look(String tab) {
    driver.switchTo().window(tab);
  }

  /** The tab that was there from the beginning. */
  void lookAtFirst() {
    driver.switchTo().window(driver.getWindowHandles().iterator().next());
  }

  /** Looks into a frame of the page. */
  void lookInto(String frame) {
    driver.switchTo().frame(find(frame));
  }

  /** Looks at the page itself again. */
  void lookOut() {
    driver.switchTo().defaultContent();
  }

  /** Clicks the element of that id as soon as it is there and visible. */
  public void click(String id) {
    new WebDriverWait(driver, PATIENCE)
        .until(ExpectedConditions.elementToBeClickable(By.id(id)))
        .click();
  }

  /** Fills in the field of that id. */
  public void type(String id, String text) {
    find(id).sendKeys(text);
  }

  /** From now on pages run their scripts, or do not: a form that would send itself stays. */
  public void letScriptsRun(boolean allowed) {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  /** The value of the field of that name, as soon as it is there. */
  public String field(String name) {
    return new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> "field " + name + " at " + address() + ":\n" + page())
        .until(ExpectedConditions.presenceOfElementLocated(By.name(name)))
        .getAttribute("value");
  }

  /** Sends the page's only form. */
  public void submit() {
    driver.executeScript("HTMLFormElement.prototype.submit.call(document.forms[0])");
  }

  /** Chooses an option of a select box. */
  void choose(String selectId, String value) {
    find(selectId).findElement(By.cssSelector("option[value='" + value + "']")).click();
  }

  /** The text of the element of that id, as soon as it is there. */
  public String text(String id) {
    return find(id).getText();
  }

  /** The text of the whole page. */
  public String page() {
    return driver.findElement(By.tagName("body")).getText();
  }

  public boolean has(String id) {
    return !driver.findElements(By.id(id)).isEmpty();
  }

  public String address() {
    return driver.getCurrentUrl();
  }

  /** Waits until the tab is at an address that begins so. */
  public void awaitAddress(String beginning) {
    new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> "an address that begins with " + beginning + ", not " + address())
        .until(any -> address().startsWith(beginning));
  }

  /** Waits until the page says so. */
  public void awaitText(String text) {
    new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> "'" + text + "' at " + address() + ", not:\n" + page())
        .until(any -> page().contains(text));
  }

  /** The value of a cookie that the current page's path shows, or null. */
  public String cookie(String name) {
    var cookie = driver.manage().getCookieNamed(name);
    return cookie == null ? null : cookie.getValue();
  }

  /** The value of a cookie that has this very path, or null. */
  String cookie(String name, String path) {
    return driver.manage().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(name) && cookie.getPath().equals(path))
        .map(Cookie::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Becomes a browser that was nowhere yet. */
  public void forgetCookies() {
    driver.get("about:blank");
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
  }

  public Object script(String script) {
    return driver.executeScript(script);
  }

  /** Takes a picture of what is to be seen. */
  public void shoot(String name) throws IOException {
    Files.createDirectories(shots);
    Files.write(shots.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  private WebElement find(String id) {
    return new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> "element " + id + " at " + address() + ":\n" + page())
        .until(ExpectedConditions.presenceOfElementLocated(By.id(id)));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
