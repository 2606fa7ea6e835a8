package com.atlassian.sal.api;

import io.ostiary.standin.Generations;

/** Which base URL is wanted. */
@Generations(from = 2)
public enum UrlMode {
  CANONICAL,
  ABSOLUTE,
  RELATIVE,
  RELATIVE_CANONICAL,
  AUTO
}
