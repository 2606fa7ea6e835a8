package io.ostiary.standin.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.osgi.framework.Bundle;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * Stands for the plug-in's Spring context: reads {@code META-INF/spring/*.xml} and takes only what
 * every host's Spring would, which is no bean and no schema of a certain version.
 */
final class SpringContext {

  private SpringContext() {}

  /** Whether the newer loaders hand the jar to the Spring-backed loader. */
  static boolean isIn(Bundle bundle) {
    return bundle.getHeaders().get("Spring-Context") != null
        || bundle.getEntry("META-INF/spring") != null
        || bundle.findEntries("META-INF/spring", "*.xml", false) != null;
  }

  static void refresh(Bundle bundle) throws Refused {
    Enumeration<URL> found = bundle.findEntries("META-INF/spring", "*.xml", false);
    List<URL> files = found == null ? List.of() : Collections.list(found);
    for (URL file : files) {
      Document document = parse(file);
      if (document.getDocumentElement().getElementsByTagName("*").getLength() > 0) {
        throw new Refused(file.getPath() + ": the stand-in makes no beans");
      }
      if (document
          .getDocumentElement()
          .getAttributeNS("http://www.w3.org/2001/XMLSchema-instance", "schemaLocation")
          .matches("(?s).*-\\d+\\.\\d+\\.xsd.*")) {
        throw new Refused(file.getPath() + ": names a version of Spring's schema");
      }
    }
  }

  private static Document parse(URL file) throws Refused {
    try (InputStream in = file.openStream()) {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(in);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new Refused(file.getPath() + " cannot be read: " + e.getMessage(), e);
    }
  }
}
