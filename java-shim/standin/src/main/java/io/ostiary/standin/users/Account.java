package io.ostiary.standin.users;

/** A user as the directories have it; names are lower case, as the products keep them. */
public record Account(
    String name,
    String displayName,
    String mail,
    String password,
    boolean active,
    boolean licensed,
    boolean admin,
    boolean sysadmin,
    boolean customer) {

  /** Everybody's password. */
  public static final String PASSWORD = "sesame";

  static Account licensed(String name, String displayName, String mail) {
    return new Account(name, displayName, mail, PASSWORD, true, true, false, false, false);
  }

  Account asAdmin(boolean system) {
    return new Account(name, displayName, mail, password, active, licensed, true, system, customer);
  }

  Account asInactive() {
    return new Account(
        name, displayName, mail, password, false, licensed, admin, sysadmin, customer);
  }

  Account asUnlicensed(boolean portalCustomer) {
    return new Account(
        name, displayName, mail, password, active, false, admin, sysadmin, portalCustomer);
  }
}
