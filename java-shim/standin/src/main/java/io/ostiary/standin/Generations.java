package io.ostiary.standin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says in which generations of hosts a class or method exists; elsewhere the loader leaves it out,
 * so that a call or look-up fails as on the real host.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Generations {

  int from() default 1;

  int to() default Integer.MAX_VALUE;
}
