package addon;

import com.atlassian.annotations.security.UnrestrictedAccess;

/** For everybody. */
@UnrestrictedAccess
public class OpenHello extends Hello {}
