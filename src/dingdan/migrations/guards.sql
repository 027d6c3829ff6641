-- What tables alone cannot say: the clock, append-only history, books that balance, and the readers' wall.

CREATE SEQUENCE id_nodes;
CREATE SEQUENCE fact_positions;

-- The one clock. plpgsql on purpose: the readiness probe calls it, and a server whose procedural language broke
-- under it (a package upgraded while running) answers SELECT 1 happily.
CREATE FUNCTION dingdan_now() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN clock_timestamp() + COALESCE((SELECT ahead FROM sandbox_clock WHERE id = 1), interval '0');
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is history and is never changed', TG_TABLE_NAME USING ERRCODE = 'DD001';
END $$;

CREATE TRIGGER entries_are_history BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER postings_are_history BEFORE UPDATE OR DELETE ON postings
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER movements_are_history BEFORE UPDATE OR DELETE ON movements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER captures_are_history BEFORE UPDATE OR DELETE ON captures
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A fact may get its position once; nothing else about it ever changes.
CREATE FUNCTION only_position_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.position IS NOT NULL OR NEW.id <> OLD.id OR NEW.data IS DISTINCT FROM OLD.data
        OR NEW.wire <> OLD.wire OR NEW.now IS DISTINCT FROM OLD.now THEN
        RAISE EXCEPTION 'facts are history and are never changed' USING ERRCODE = 'DD001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facts_are_history BEFORE UPDATE OR DELETE ON facts
    FOR EACH ROW EXECUTE FUNCTION only_position_once();

-- A posting that does not balance does not commit.
CREATE FUNCTION posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; lines integer;
BEGIN
    SELECT COALESCE(sum(amount), 0), count(*) INTO total, lines FROM entries WHERE posting_id = NEW.id;
    IF total <> 0 OR lines < 2 THEN
        RAISE EXCEPTION 'posting % does not balance: % over % entries', NEW.id, total, lines USING ERRCODE = 'DD002';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON postings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_balances();

-- Entries come with their posting or not at all: an entry added later would slip past the check above.
CREATE FUNCTION entry_comes_with_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad bigint;
BEGIN
    SELECT n.posting_id INTO bad FROM new_entries n
    LEFT JOIN postings p ON p.id = n.posting_id AND p.made_in = pg_current_xact_id()::text::bigint
    WHERE p.id IS NULL LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'entries of posting % do not come with it', bad USING ERRCODE = 'DD002';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_come_with_posting AFTER INSERT ON entries
    REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION entry_comes_with_posting();

DO $$
BEGIN
    -- Asked first: an owner without CREATEROLE may not even try, also where the role is there.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dingdan_read') THEN
        CREATE ROLE dingdan_read NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role dingdan_read is missing, and % may not create it; as an administrator run:'
            ' CREATE ROLE dingdan_read NOLOGIN; GRANT dingdan_read TO %', current_user, current_user
            USING ERRCODE = 'DD003';
END $$;
DO $$ BEGIN EXECUTE format('GRANT dingdan_read TO %I', current_user); EXCEPTION WHEN OTHERS THEN NULL; END $$;
GRANT USAGE ON SCHEMA public TO dingdan_read;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO dingdan_read;
GRANT EXECUTE ON FUNCTION dingdan_now() TO dingdan_read;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO dingdan_read;

-- Row security: a reader sees the merchant named in its transaction's scope, or all with '*', or nothing.
DO $$
DECLARE t record;
BEGIN
    FOR t IN
        SELECT c.table_name, c.is_nullable FROM information_schema.columns c
        JOIN information_schema.tables s USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND c.column_name = 'merchant_id' AND s.table_type = 'BASE TABLE'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.table_name);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I FOR SELECT TO dingdan_read USING (
                current_setting(''dingdan.scope'', true) IN (''*'', merchant_id::text))', t.table_name);
    END LOOP;
END $$;
ALTER TABLE merchants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON merchants FOR SELECT TO dingdan_read
    USING (current_setting('dingdan.scope', true) IN ('*', id::text));
-- Packs that ship with the program are open to everybody.
CREATE POLICY shared_packs ON policies FOR SELECT TO dingdan_read USING (merchant_id IS NULL);
