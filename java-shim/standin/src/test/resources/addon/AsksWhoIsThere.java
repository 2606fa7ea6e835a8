package addon;

import com.atlassian.annotations.security.UnrestrictedAccess;
import com.atlassian.sal.api.user.UserManager;
import java.io.IOException;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Asks SAL before anybody is known. */
@UnrestrictedAccess
public class AsksWhoIsThere implements Filter {

  private final UserManager users;

  public AsksWhoIsThere(UserManager users) {
    this.users = users;
  }

  @Override
  public void init(FilterConfig config) {}

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ((HttpServletResponse) response)
        .addHeader("X-Who", String.valueOf(users.getRemoteUsername((HttpServletRequest) request)));
    chain.doFilter(request, response);
  }

  @Override
  public void destroy() {}
}
