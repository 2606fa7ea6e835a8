package addon;

import com.atlassian.annotations.security.UnrestrictedAccess;
import java.io.IOException;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Tells in a header what it saw. */
@UnrestrictedAccess
public class Probe implements Filter {

  private String name;

  @Override
  public void init(FilterConfig config) {
    name = config.getInitParameter("name");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    boolean own = Thread.currentThread().getContextClassLoader() == getClass().getClassLoader();
    ((HttpServletResponse) response)
        .addHeader(
            "X-Probe",
            name + " " + http.getRequestURI() + " user=" + http.getRemoteUser() + " loader=" + own
                + " wrapped=" + !http.getClass().getName().startsWith("org.apache.catalina")
                + " field=" + http.getParameter("field"));
    chain.doFilter(request, response);
  }

  @Override
  public void destroy() {}
}
