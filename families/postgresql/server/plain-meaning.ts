/** Settings that a database may have as its default, under which our statements mean something else, or end as we wait for others. */
export const plainMeaning = `set standard_conforming_strings = on; set transform_null_equals = off; set array_nulls = on;
  set idle_in_transaction_session_timeout = 0`
