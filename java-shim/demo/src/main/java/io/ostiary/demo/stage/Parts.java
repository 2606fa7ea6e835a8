package io.ostiary.demo.stage;

import java.nio.file.Path;

/**
 * What was built and the demo runs.
 *
 * @param idp the {@code ostiary} program
 * @param standIn the jar of the stand-in host, with its folder of jars beside it
 * @param jira the add-on for Jira
 * @param confluence the add-on for Confluence
 */
public record Parts(Path idp, Path standIn, Path jira, Path confluence) {}
