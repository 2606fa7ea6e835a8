package io.ostiary.standin.plugins;

import io.ostiary.standin.Profile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What {@code atlassian-plugin.xml} says; modules for the other product are left out. */
public record Descriptor(
    String key,
    String name,
    String version,
    Map<String, String> params,
    List<Module> modules,
    List<String> texts) {

  /** One module: its element's name and what lies within. */
  public record Module(
      String type,
      String key,
      String className,
      Map<String, String> attributes,
      Map<String, String> initParams,
      List<Child> children) {

    public List<String> all(String child) {
      return children.stream().filter(c -> c.name.equals(child)).map(Child::text).toList();
    }

    public String attribute(String attribute, String otherwise) {
      return attributes.getOrDefault(attribute, otherwise);
    }
  }

  /** An element within a module. */
  public record Child(String name, String text, Map<String, String> attributes) {}

  static Descriptor of(JarFile jar, Profile profile) throws Refused {
    JarEntry entry = jar.getJarEntry("atlassian-plugin.xml");
    if (entry == null) {
      throw new Refused("no atlassian-plugin.xml at the root of the jar");
    }
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      byte[] xml = jar.getInputStream(entry).readAllBytes();
      return read(
          factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml)).getDocumentElement(),
          profile);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new Refused("atlassian-plugin.xml cannot be read: " + e.getMessage(), e);
    }
  }

  List<Module> ofType(String type) {
    return modules.stream().filter(module -> module.type().equals(type)).toList();
  }

  private static Descriptor read(Element root, Profile profile) throws Refused {
    String version = "";
    Map<String, String> params = new TreeMap<>();
    List<Module> modules = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Element element : elements(root)) {
      switch (element.getTagName()) {
        case "plugin-info" -> {
          for (Element info : elements(element)) {
            if (info.getTagName().equals("version")) {
              version = text(info);
            } else if (info.getTagName().equals("param")) {
              params.put(info.getAttribute("name"), text(info));
            }
          }
        }
        case "resource" -> {
          if (element.getAttribute("type").equals("i18n")) {
            texts.add(element.getAttribute("location"));
          }
        }
        default -> addModule(element, profile, modules);
      }
    }
    String key = root.getAttribute("key");
    if (key.isEmpty()) {
      throw new Refused("atlassian-plugin.xml has no key");
    }
    return new Descriptor(key, root.getAttribute("name"), version, params, modules, texts);
  }

  private static void addModule(Element element, Profile profile, List<Module> modules)
      throws Refused {
    String application = element.getAttribute("application");
    if (!application.isEmpty() && !application.equals(profile.isJira() ? "jira" : "confluence")) {
      return;
    }
    Module module = module(element);
    if (modules.stream().anyMatch(other -> other.key().equals(module.key()))) {
      throw new Refused("two modules with the key " + module.key());
    }
    modules.add(module);
  }

  private static Module module(Element element) {
    Map<String, String> initParams = new TreeMap<>();
    List<Child> children = new ArrayList<>();
    addChildren(element, initParams, children);
    return new Module(
        element.getTagName(),
        element.getAttribute("key"),
        element.getAttribute("class"),
        attributes(element),
        initParams,
        children);
  }

  /** All elements within, however deep: the actions of a webwork module lie one level down. */
  private static void addChildren(
      Element parent, Map<String, String> initParams, List<Child> children) {
    for (Element child : elements(parent)) {
      if (child.getTagName().equals("init-param")) {
        List<Element> pair = elements(child);
        initParams.put(text(pair.get(0)), text(pair.get(1)));
      } else {
        children.add(new Child(child.getTagName(), text(child), attributes(child)));
        addChildren(child, initParams, children);
      }
    }
  }

  private static List<Element> elements(Element parent) {
    List<Element> elements = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }

  private static Map<String, String> attributes(Element element) {
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      Node attribute = element.getAttributes().item(i);
      attributes.put(attribute.getNodeName(), attribute.getNodeValue());
    }
    return attributes;
  }

  private static String text(Element element) {
    return element.getTextContent().trim();
  }
}
