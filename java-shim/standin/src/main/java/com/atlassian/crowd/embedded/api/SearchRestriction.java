package com.atlassian.crowd.embedded.api;

/** What must hold of a result. */
public interface SearchRestriction {}
