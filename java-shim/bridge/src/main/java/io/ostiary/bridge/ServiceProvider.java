package io.ostiary.bridge;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * SAML sign-in for a Java application that does not use the servlet filter: open, send the browser
 * away, take in what it brings back. A complete application needs no more than this, with {@code
 * send} writing status, headers, cookies and body of a {@link Response} to the browser:
 *
 * <pre>{@code
 * ServiceProvider sp = ServiceProvider.at("https://app.example.com/", "https://app.example.com/saml/acs")
 *     .metadata("https://login.microsoftonline.com/<tenant>/federationmetadata/2007-06/federationmetadata.xml?appid=<application>")
 *     .keptIn(new FileSettingsStore(new File("/var/lib/app/saml.json")))
 *     .open();
 *
 * // GET https://app.example.com/saml/acs?target=/inbox: somebody wants in, and then to /inbox
 * send(browser, sp.signOn("/inbox", cookies));
 *
 * // POST https://app.example.com/saml/acs: the browser is back from the identity provider
 * SignIn signIn = sp.consume(form.get("SAMLResponse"), form.get("RelayState"), cookies);
 * if (signIn.isSignedIn()) {
 *   session.renew();
 *   session.put("user", signIn.user());
 * }
 * send(browser, signIn.response());
 * }</pre>
 *
 * <p>Threads may share it. What it has to say to an administrator goes to the {@link Logger} {@code
 * io.ostiary}. A thread of its own keeps the identity provider's certificates fresh until {@link
 * #close()}.
 */
public final class ServiceProvider implements Closeable {
  private static final Logger LOG = Logger.getLogger("io.ostiary");
  private static final long TICK_EVERY_MILLIS = 60L * 1000;

  private final String acsUrl;
  private final String acsPath;
  private final String metadataUrl;
  private final String healthUrl;
  private final Engine engine;
  private final Host host;
  private final Thread clock = new Thread(new Clock(), "ostiary-service-provider");

  private ServiceProvider(Setup setup, Engine engine, Host host) {
    this.acsUrl = setup.acsUrl;
    this.acsPath = URI.create(setup.acsUrl).getPath();
    this.metadataUrl = besideAcs("metadata");
    this.healthUrl = besideAcs("health");
    this.engine = engine;
    this.host = host;
  }

  /**
   * Begins to describe a service provider.
   *
   * @param entityId the name of this application at the identity provider (Entra: "Identifier")
   * @param acsUrl where the identity provider sends browsers back to (Entra: "Reply URL"), an
   *     absolute https URL
   */
  public static Setup at(String entityId, String acsUrl) {
    return new Setup(entityId, acsUrl);
  }

  /**
   * Sends a browser to the identity provider. Best called for a GET at the ACS URL: there, and only
   * there, the browser shows the cookies of the sign-ins that it has begun, and the oldest make
   * room for this one.
   *
   * @param target where the user wants to go: a path of this site with its query; the start page
   *     for anything else
   * @param cookies the request's cookies by name
   * @return to be sent as it stands: a redirect mostly, a page with a form for identity providers
   *     that want a POST, or an error page
   */
  public Response signOn(String target, Map<String, String> cookies) {
    Event.Request request =
        Event.request("GET", acsUrl, acsPath)
            .query("target=" + urlEncoded(target))
            .header("accept", "text/html")
            .header("sec-fetch-mode", "navigate");
    return SignIn.of(handle(with(cookies, request).build())).response();
  }

  /**
   * Takes in the form that a browser posts to the ACS URL.
   *
   * @param samlResponse the form field {@code SAMLResponse}, or null
   * @param relayState the form field {@code RelayState}, or null
   * @param cookies the request's cookies by name
   */
  public SignIn consume(String samlResponse, String relayState, Map<String, String> cookies) {
    Event.Request request = Event.request("POST", acsUrl, acsPath);
    field(request, "SAMLResponse", samlResponse);
    field(request, "RelayState", relayState);
    return SignIn.of(handle(with(cookies, request).build()));
  }

  /** Our metadata, for the identity provider; null when there is no engine. */
  public String metadata() {
    Response response = get(metadataUrl);
    return response != null && response.status() == 200 ? response.body() : null;
  }

  private Response get(String url) {
    return handle(Event.request("GET", url, URI.create(url).getPath()).build()).response();
  }

  /**
   * Signs a user out at the identity provider, too. The application ends its own session itself.
   *
   * @param session what {@link SignIn#session()} gave
   * @return to be sent as it stands
   */
  public Response signOut(String user, Session session) {
    Action action =
        handle(Event.logout(user, session.json(), Collections.<String, String>emptyMap()));
    return SignIn.of(action).response();
  }

  /**
   * Whatever else the engine understands; hosts write {@link Event}s for the paths that they serve.
   */
  public Action handle(Event event) {
    Action action = engine.handle(event, host);
    log(action.log());
    return action;
  }

  /**
   * Whether somebody could sign in: the library is there, the configuration is good, and the
   * identity provider's certificates are known.
   */
  public boolean isReady() {
    Response health = get(healthUrl);
    return health != null && health.status() == 200;
  }

  /** Everything that is wrong with the configuration. */
  public List<Problem> problems() {
    return engine.problems();
  }

  /** Ends the thread and closes the engine. */
  @Override
  public void close() {
    clock.interrupt();
    engine.close();
  }

  /** Our other addresses, as the configuration derives them. */
  private String besideAcs(String name) {
    return acsUrl.substring(0, acsUrl.lastIndexOf('/') + 1) + name;
  }

  private void start() {
    log(engine.log());
    // The first turn makes our keys and fetches the metadata before anybody comes.
    tick();
    clock.setDaemon(true);
    clock.start();
  }

  private void tick() {
    if (!engine.isOpen()) {
      return;
    }
    try {
      handle(Event.tick());
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "background work failed", e);
    }
  }

  private static void log(List<LogLine> lines) {
    for (LogLine line : lines) {
      Level level =
          "error".equals(line.level())
              ? Level.SEVERE
              : "warn".equals(line.level()) ? Level.WARNING : Level.INFO;
      LOG.log(level, "{0}", line);
    }
  }

  private static Event.Request with(Map<String, String> cookies, Event.Request request) {
    for (Map.Entry<String, String> cookie : cookies.entrySet()) {
      request.cookie(cookie.getKey(), cookie.getValue());
    }
    return request;
  }

  private static void field(Event.Request request, String name, String value) {
    request.form(
        name, value == null ? Collections.<String>emptyList() : Collections.singletonList(value));
  }

  private static String urlEncoded(String text) {
    try {
      return URLEncoder.encode(text, "UTF-8");
    } catch (IOException e) {
      throw new IllegalStateException("every Java platform has UTF-8", e);
    }
  }

  /** What a service provider is opened with. */
  public static final class Setup {
    private final String entityId;
    private final String acsUrl;
    private String metadata;
    private boolean development;
    private UserDirectory users = UserDirectory.EVERYBODY;
    private OneTimeStore oneTime = new InMemoryOneTimeStore();
    private SettingsStore settings = new InMemorySettingsStore();
    private Fetcher fetcher = new HttpsFetcher();

    private Setup(String entityId, String acsUrl) {
      this.entityId = entityId;
      this.acsUrl = acsUrl;
    }

    /**
     * The identity provider's metadata: its https URL, from which it is kept fresh, or the document
     * itself.
     */
    public Setup metadata(String urlOrDocument) {
      this.metadata = urlOrDocument;
      return this;
    }

    /**
     * Where the configuration and the keys of this installation are kept; in memory unless said
     * otherwise, and then sign-ins under way do not survive a restart. Everything of docs/wire.md,
     * "Configuration", may be set in it; entity ID, ACS URL and metadata are those given here.
     */
    public Setup keptIn(SettingsStore store) {
      this.settings = store;
      return this;
    }

    /**
     * The users of the application; everybody whom the identity provider signs in unless said
     * otherwise.
     */
    public Setup users(UserDirectory directory) {
      this.users = directory;
      return this;
    }

    /**
     * Where used messages are remembered; in memory unless said otherwise, which is right for one
     * node only.
     */
    public Setup oneTime(OneTimeStore store) {
      this.oneTime = store;
      return this;
    }

    /** How metadata is fetched; with the JVM's trust store unless said otherwise. */
    public Setup fetcher(Fetcher with) {
      this.fetcher = with;
      return this;
    }

    /** Allows plain http on this very machine, for tests. Never in production. */
    public Setup development() {
      this.development = true;
      return this;
    }

    /**
     * Opens. What is wrong is not thrown: {@link ServiceProvider#isReady()} and {@link
     * ServiceProvider#problems()} tell, and every sign-in is refused with a page that names the
     * code.
     *
     * @throws IOException when the settings cannot be read
     */
    public ServiceProvider open() throws IOException {
      Engine engine = Engine.open(configuration().toString());
      ServiceProvider provider =
          new ServiceProvider(this, engine, new Host(fetcher, users, oneTime, settings));
      provider.start();
      return provider;
    }

    /** What is kept, with what is given laid over it. */
    private Json configuration() throws IOException {
      String kept = settings.load();
      Json config = kept == null ? new Json() : Json.parse(kept);
      // Paths are those of the site, and our other addresses are beside the ACS.
      config.put(
          "sp",
          new Json().put("entity_id", entityId).put("acs_url", acsUrl).put("context_path", ""));
      if (metadata != null) {
        boolean isDocument =
            metadata.indexOf('<') >= 0; // no URL has one; Entra's begins with a byte order mark
        String name = isDocument ? "metadata_xml" : "metadata_url";
        Json idp = member(config, "idp");
        if (!metadata.equals(idp.text(name))) {
          idp = new Json(); // what was learnt from other metadata is of another identity provider
          config.put("idp", idp);
        }
        idp.put(name, metadata);
      }
      if (development) {
        config.put("development", true);
      }
      return config;
    }

    private static Json member(Json config, String name) {
      Json member = config.object(name);
      if (member == null) {
        member = new Json();
        config.put(name, member);
      }
      return member;
    }
  }

  /** Lets time pass for the engine. */
  private final class Clock implements Runnable {
    @Override
    public void run() {
      try {
        while (true) {
          Thread.sleep(TICK_EVERY_MILLIS);
          tick();
        }
      } catch (InterruptedException closed) {
        // this is how it ends
      }
    }
  }
}
