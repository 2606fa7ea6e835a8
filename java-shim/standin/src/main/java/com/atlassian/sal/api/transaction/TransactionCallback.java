package com.atlassian.sal.api.transaction;

/** Work within a transaction. */
public interface TransactionCallback<T> {

  T doInTransaction();
}
