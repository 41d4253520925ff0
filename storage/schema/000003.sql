-- The files of playbooks that plans and runs have frozen, each once under its SHA-256.

create table playbook_file (
  digest text primary key,
  content text not null
);
