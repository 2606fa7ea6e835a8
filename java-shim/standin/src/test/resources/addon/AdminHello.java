package addon;

import com.atlassian.annotations.security.SystemAdminOnly;

/** For system administrators. */
@SystemAdminOnly
public class AdminHello extends Hello {}
