package io.ostiary.demo;

/** The look of the demo's pages: one frame, escaped text. */
final class Pages {

  private static final String FRAME =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <style>
      body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #f4f5f7; }
      header { background: #0c2a4d; color: #fff; padding: 12px 24px; display: flex; gap: 24px; align-items: center; flex-wrap: wrap; }
      header a { color: #fff; }
      header strong { font-size: 18px; }
      main { max-width: 860px; margin: 32px auto; padding: 24px 32px; background: #fff; border: 1px solid #d5d9df; border-radius: 6px; }
      h1 { margin-top: 0; font-size: 26px; }
      table { border-collapse: collapse; width: 100%%; }
      th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid #e4e7eb; overflow-wrap: anywhere; }
      .button { display: inline-block; background: #0b5cad; color: #fff; padding: 10px 18px; border-radius: 4px; text-decoration: none; font-weight: 600; }
      th { width: 45%%; } small { font-weight: normal; color: #57606a; }
      code { background: #eef0f3; padding: 1px 5px; border-radius: 3px; }
      </style>
      </head>
      <body>
      <header><strong>Demo application</strong> <nav aria-label="Main"><a href="/">Start</a> &nbsp; <a href="/account">My account</a> &nbsp;
      <a href="/browse/DEMO-1?filter=open&amp;sort=a%%2Bb">Deep link</a></nav></header>
      <main>
      <h1 id="title">%1$s</h1>
      %2$s
      </main>
      </body>
      </html>
      """;

  private Pages() {}

  /** Wraps a body, which is HTML, in the frame. The title is text. */
  static String page(String title, String body) {
    return FRAME.formatted(escape(title), body);
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
