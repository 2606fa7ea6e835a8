package io.ostiary.standin.users;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;

/** Everybody in the directories. A name is found as it is written there, and only so. */
public final class Accounts {

  private final Map<String, Account> byName = new ConcurrentSkipListMap<>();
  private final BooleanSupplier everybody;

  private Accounts(BooleanSupplier everybody) {
    this.everybody = everybody;
  }

  /**
   * The users of the README.
   *
   * @param everybody whether every other name is that of a licensed user
   */
  public static Accounts standard(BooleanSupplier everybody) {
    Accounts accounts = new Accounts(everybody);
    accounts.put(Account.licensed("admin", "System Admin", "admin@contoso.example").asAdmin(true));
    accounts.put(
        Account.licensed("manager", "Mere Admin", "manager@contoso.example").asAdmin(false));
    accounts.person("b.simon@contoso.example", "B. Simon");
    accounts.person("a.adams@contoso.example", "Ada Adams");
    accounts.person("j.ozturk@contoso.example", "Jörg Öztürk");
    accounts.person("m.many@contoso.example", "M. Many");
    accounts.person("g.guest_fabrikam.example#ext#@contoso.example", "G. Guest");
    accounts.put(
        Account.licensed("i.inactive@contoso.example", "I. Inactive", "i.inactive@contoso.example")
            .asInactive());
    accounts.put(
        Account.licensed(
                "n.nolicence@contoso.example", "N. Nolicence", "n.nolicence@contoso.example")
            .asUnlicensed(false));
    // In a directory; nobody has ever signed in so.
    accounts.person("d.directory@contoso.example", "D. Directory");
    accounts.put(Account.licensed("twin1", "First Twin", "twin@contoso.example"));
    accounts.put(Account.licensed("twin2", "Second Twin", "twin@contoso.example"));
    accounts.put(
        Account.licensed("c.customer@contoso.example", "C. Customer", "c.customer@contoso.example")
            .asUnlicensed(true));
    return accounts;
  }

  /** The account of exactly this name, or null. */
  public Account find(String name) {
    Account account = name == null ? null : byName.get(name);
    return account == null && name != null && everybody.getAsBoolean()
        ? Account.licensed(name, name, name)
        : account;
  }

  public void put(Account account) {
    byName.put(account.name(), account);
  }

  public void remove(String name) {
    byName.remove(name);
  }

  public Collection<Account> all() {
    return byName.values();
  }

  boolean isPassword(String name, String password) {
    Account account = find(name);
    return account != null && account.active() && account.password().equals(password);
  }

  private void person(String name, String displayName) {
    put(Account.licensed(name, displayName, name));
  }
}
