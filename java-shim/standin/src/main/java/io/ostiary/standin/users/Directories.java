package io.ostiary.standin.users;

import com.atlassian.crowd.embedded.api.CrowdService;
import com.atlassian.crowd.embedded.api.Query;
import com.atlassian.crowd.embedded.api.SearchRestriction;
import com.atlassian.crowd.embedded.api.User;
import com.atlassian.crowd.search.query.entity.restriction.BooleanRestriction;
import com.atlassian.crowd.search.query.entity.restriction.BooleanRestriction.BooleanLogic;
import com.atlassian.crowd.search.query.entity.restriction.MatchMode;
import com.atlassian.crowd.search.query.entity.restriction.TermRestriction;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The directories' search: names and mail addresses without regard to case. */
public final class Directories implements CrowdService {

  private final Accounts accounts;

  public Directories(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public User getUser(String name) {
    Account account = accounts.find(name.toLowerCase(Locale.ROOT));
    return account == null ? null : new DirectoryUser(account);
  }

  @Override
  public <T> Iterable<T> search(Query<T> query) {
    List<User> found =
        accounts.all().stream()
            .filter(matching(query.getSearchRestriction()))
            .skip(query.getStartIndex())
            .limit(query.getMaxResults() < 0 ? Long.MAX_VALUE : query.getMaxResults())
            .map(account -> (User) new DirectoryUser(account))
            .toList();
    if (query.getReturnType() == String.class) {
      return found.stream().map(user -> query.getReturnType().cast(user.getName())).toList();
    }
    return found.stream().map(query.getReturnType()::cast).toList();
  }

  private static Predicate<Account> matching(SearchRestriction restriction) {
    if (restriction instanceof TermRestriction<?> term) {
      return account -> matches(account, term);
    }
    if (restriction instanceof BooleanRestriction several) {
      Collection<SearchRestriction> parts = several.getRestrictions();
      return several.getBooleanLogic() == BooleanLogic.AND
          ? account -> parts.stream().allMatch(part -> matching(part).test(account))
          : account -> parts.stream().anyMatch(part -> matching(part).test(account));
    }
    throw new IllegalArgumentException("unknown restriction " + restriction);
  }

  private static boolean matches(Account account, TermRestriction<?> term) {
    if (term.getMatchMode() != MatchMode.EXACTLY_MATCHES) {
      throw new IllegalArgumentException("unknown match mode " + term.getMatchMode());
    }
    Object wanted = term.getValue();
    String property = term.getProperty().getPropertyName();
    return switch (property) {
      case "name" -> account.name().equalsIgnoreCase((String) wanted);
      case "email" -> account.mail().equalsIgnoreCase((String) wanted);
      case "displayName" -> account.displayName().equalsIgnoreCase((String) wanted);
      case "active" -> wanted.equals(account.active());
      default -> throw new IllegalArgumentException("unknown property " + property);
    };
  }
}
