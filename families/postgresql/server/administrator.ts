/** Whether a role, a row of `pg_roles`, is the administrator of a managed service, who is logged in: it is no role of the application. */
export const isAdministrator = (role: string): string =>
  `coalesce(${role}.rolname = current_user and not ${role}.rolsuper, false)`
