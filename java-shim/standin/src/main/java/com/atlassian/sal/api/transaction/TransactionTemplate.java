package com.atlassian.sal.api.transaction;

/** Runs work within a transaction. */
public interface TransactionTemplate {

  <T> T execute(TransactionCallback<T> action);
}
