package io.ostiary.standin;

/** Which of the two products a host plays. */
public enum Product {
  JIRA,
  CONFLUENCE
}
