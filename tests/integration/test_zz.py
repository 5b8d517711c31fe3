from tests.integration.test_interrupted import *


def test_z(quick, scene, make_warehouse):
    copy = make_warehouse(like=scene.before)
    q = "select to_jsonb(t)::text from raw_cancer.fds_waits t order by 1"
    before = copy.rows(q)
    copy.rows(
        "create function raw_cancer.refuse() returns trigger language plpgsql as"
        " $$ begin raise exception 'no room in this table'; end $$;"
        " create trigger refuse before insert on raw_cancer.treatment_62_day_waits"
        " for each row execute function raw_cancer.refuse()"
    )
    done = quick.load(copy, "--from", scene.files)
    after = copy.rows(q)
    for a, b in list(zip(before, after))[:3]:
        print(a)
        print(b)
    print(
        copy.rows(
            "select _file_id, source_file,status,load_id,rows_landed from raw_cancer.files"
        )
    )
    print(copy.rows("select * from raw_cancer.runs"))
    print(copy.rows("select load_id,status from raw_cancer._dlt_loads"))
    print(len(before), len(after), done.stdout, done.stderr)
