{#
    Two roles beside the owner (dbt run-operation create_roles; safe to repeat):
    hindcast_loader  writes the raw schemas and reads all layers,
    hindcast_analyst reads schema gold and nothing else: it cannot write, create or make
                     temporary tables, not even in schema public.
    They log in without a password of their own: the server's rules decide who may. Give a
    person access with `grant hindcast_analyst to someone`.
#}
{% macro create_roles() -%}
{% set user = run_query(
    "select r.rolsuper or r.rolcreaterole, r.rolsuper or pg_has_role(d.datdba, 'usage')"
    ~ " from pg_roles as r, pg_database as d"
    ~ " where r.rolname = current_user and d.datname = current_database()"
).rows[0] %}
{% if not user[1] %}
    {{ refuse_roles('the owner of the database', 'another user') }}
{% endif %}
{% for role in ['hindcast_loader', 'hindcast_analyst'] %}
    {% if role_exists(role) %}
        {% do log('role ' ~ role ~ ': exists', info=true) %}
    {% elif user[0] %}
        {% do run_query(
            'create role ' ~ role ~ ' login nosuperuser nocreatedb nocreaterole'
        ) %}
        {% do log('role ' ~ role ~ ': created', info=true) %}
    {% else %}
        {{ refuse_roles('a user with CREATEROLE, or the role ' ~ role, 'neither') }}
    {% endif %}
{% endfor %}
{% do run_query(role_grants()) %}
{% do grant_analyst_access() %}
{% do log('grants: done', info=true) %}
{%- endmacro %}


{% macro refuse_roles(expected, found) -%}
{% do exceptions.raise_compiler_error(
    'cannot create the roles and their grants'
    ~ '\n  where:    database ' ~ target.database ~ ' as user ' ~ target.user
    ~ '\n  expected: ' ~ expected
    ~ '\n  found:    ' ~ found
    ~ '\n  next:     run `dbt run-operation create_roles` as an administrator of this'
    ~ ' database'
) %}
{%- endmacro %}


{% macro role_exists(role) -%}
{{ return(run_query("select 1 from pg_roles where rolname = '" ~ role ~ "'") | length > 0) }}
{%- endmacro %}


{#
    What both roles may and may not do. Everyone could create temporary tables, and on
    older servers tables in public: those two are taken from PUBLIC. Rights on what will
    be built later come from default privileges of the user that builds, which is who
    runs this.
#}
{% macro role_grants() -%}
do $grants$
declare
    layer text;
begin
    create schema if not exists silver;
    create schema if not exists gold;
    create schema if not exists quality;
    execute format('revoke temporary on database %I from public', current_database());
    execute format('revoke create on schema public from public');
    execute format(
        'grant connect, create, temporary on database %I to hindcast_loader',
        current_database()
    );
    execute format(
        'grant connect on database %I to hindcast_analyst', current_database()
    );
    -- Large objects belong to no schema, and everyone may write them.
    if (select rolsuper from pg_roles where rolname = current_user) then
        revoke execute on function
            lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea),
            lo_put(oid, bigint, bytea), lowrite(integer, bytea), lo_unlink(oid)
        from public;
    end if;
    for layer in
        select nspname from pg_namespace
        where nspname in ('silver', 'gold', 'quality') or nspname like 'raw\_%'
    loop
        execute format('revoke all on schema %I from public', layer);
        execute format('grant usage on schema %I to hindcast_loader', layer);
        execute format(
            'grant select on all tables in schema %I to hindcast_loader', layer
        );
        execute format(
            'alter default privileges in schema %I grant select on tables'
            ' to hindcast_loader', layer
        );
        if layer like 'raw\_%' then
            execute format('grant create on schema %I to hindcast_loader', layer);
            execute format(
                'grant insert, update, delete, truncate on all tables in schema %I'
                ' to hindcast_loader', layer
            );
            execute format(
                'grant usage, select on all sequences in schema %I to hindcast_loader',
                layer
            );
            execute format(
                'alter default privileges in schema %I grant insert, update, delete,'
                ' truncate on tables to hindcast_loader', layer
            );
            execute format(
                'alter default privileges in schema %I grant usage, select on sequences'
                ' to hindcast_loader', layer
            );
        end if;
        if layer != 'gold' then
            execute format('revoke all on schema %I from hindcast_analyst', layer);
            execute format(
                'revoke all on all tables in schema %I from hindcast_analyst', layer
            );
        end if;
    end loop;
    alter default privileges in schema gold grant select on tables to hindcast_analyst;
end
$grants$
{%- endmacro %}


{# Gold stays readable after every build, whoever built it; nothing without the role. #}
{% macro grant_analyst_access() -%}
{% if execute and target.type == 'postgres' and role_exists('hindcast_analyst') %}
    {% do run_query(
        'create schema if not exists gold;'
        ~ ' grant usage on schema gold to hindcast_analyst;'
        ~ ' grant select on all tables in schema gold to hindcast_analyst'
    ) %}
{% endif %}
{%- endmacro %}
