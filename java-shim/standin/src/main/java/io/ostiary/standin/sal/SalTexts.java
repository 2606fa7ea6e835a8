package io.ostiary.standin.sal;

import com.atlassian.sal.api.message.I18nResolver;
import java.io.Serializable;
import java.text.MessageFormat;
import java.util.function.UnaryOperator;

/** Texts from the i18n resources of the enabled plug-ins; the key itself where there is none. */
public final class SalTexts implements I18nResolver {

  private final UnaryOperator<String> texts;

  public SalTexts(UnaryOperator<String> texts) {
    this.texts = texts;
  }

  @Override
  public String getText(String key) {
    String text = texts.apply(key);
    return text == null ? key : text;
  }

  @Override
  public String getText(String key, Serializable... arguments) {
    return MessageFormat.format(getText(key), (Object[]) arguments);
  }
}
