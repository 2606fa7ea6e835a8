package io.ostiary.addon;

import java.io.File;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A headless Chromium: the installed one, driven by the installed chromedriver; nothing is
 * downloaded. Elements are named by CSS selectors and waited for.
 */
final class Chrome implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final ChromeDriver driver;

  /**
   * Starts one with an empty profile.
   *
   * @param more further arguments of Chromium, which win over those that are always given
   */
  Chrome(String... more) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(installed("chromium", "chromium-browser", "google-chrome"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=1100,800");
    options.addArguments(more);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(installed("chromedriver"))
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
  }

  private static File installed(String... names) {
    return Arrays.stream(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                    .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("none of " + List.of(names) + " is installed"));
  }

  void open(String url) {
    driver.get(url);
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** Waits until the tab is at an address that begins so. */
  void awaitAddress(String beginning) {
    waiting("an address that begins with " + beginning)
        .until(any -> address().startsWith(beginning));
  }

  boolean has(String selector) {
    return !driver.findElements(By.cssSelector(selector)).isEmpty();
  }

  /** Waits for the element. */
  WebElement find(String selector) {
    return waiting(selector)
        .until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(selector)));
  }

  String text(String selector) {
    return find(selector).getText();
  }

  /** Waits until the element says so. */
  void awaitText(String selector, String part) {
    waiting(part + " in " + selector)
        .until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), part));
  }

  /** Clicks the element as soon as it is visible. */
  void click(String selector) {
    waiting(selector)
        .until(ExpectedConditions.elementToBeClickable(By.cssSelector(selector)))
        .click();
  }

  /** Goes on to the next element that takes the keyboard. */
  void pressTab() {
    new Actions(driver).sendKeys(Keys.TAB).perform();
  }

  void pressEnter() {
    new Actions(driver).sendKeys(Keys.ENTER).perform();
  }

  /** Fills in a field, whatever was in it. */
  void type(String selector, String text) {
    WebElement field = find(selector);
    field.clear();
    field.sendKeys(text);
  }

  /** The whole page as it is now. */
  String source() {
    return driver.getPageSource();
  }

  /** What a script returns. */
  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What a script hands to the function that is its last argument. */
  Object scriptWithCallback(String script, Object... arguments) {
    return driver.executeAsyncScript(script, arguments);
  }

  /** From now on pages run their scripts, or do not. */
  void letScriptsRun(boolean allowed) {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  /** Becomes a browser that was nowhere yet. */
  void forgetCookies() {
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
  }

  /** Shows itself to servers as another browser, and has a screen of this size. */
  void pretendToBe(String userAgent, int width, int height) {
    driver.executeCdpCommand("Emulation.setUserAgentOverride", Map.of("userAgent", userAgent));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 800));
  }

  /** Sends a header with every request. */
  void sendHeader(String name, String value) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", Map.of(name, value)));
  }

  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Sends the password of that user with every request from now on; null: of nobody. */
  void sendPassword(String user) {
    sendHeader("Authorization", user == null ? "None" : Installed.basic(user));
  }

  /** A picture of what is to be seen, as PNG. */
  byte[] picture() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  private WebDriverWait waiting(String what) {
    WebDriverWait wait = new WebDriverWait(driver, PATIENCE);
    wait.withMessage(() -> what + " at " + address() + ":\n" + source());
    return wait;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
