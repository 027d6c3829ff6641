-- What tables alone cannot say about messages: evidence that is never changed, the readers' wall, whom not to tell,
-- and the sandbox of text and push messages.

CREATE TRIGGER confirmations_are_history BEFORE UPDATE OR DELETE ON confirmations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

GRANT SELECT ON confirmations, messages TO dingdan_read;
ALTER TABLE confirmations ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON confirmations FOR SELECT TO dingdan_read
    USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON messages FOR SELECT TO dingdan_read
    USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text));

-- A new reaction begins at the first fact. Nobody wants to be told today of what they bought last year.
INSERT INTO reaction_cursors (reaction, position)
SELECT unnest(ARRAY['notifications.tell_buyer']), COALESCE(max(position), 0) FROM facts HAVING count(*) > 0
ON CONFLICT DO NOTHING;

-- The sandbox of text and push messages: which message went out, never to whom or in which words.
CREATE SCHEMA sandbox_post;
CREATE TABLE sandbox_post.log (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_log PRIMARY KEY,
    at timestamptz NOT NULL,
    channel text NOT NULL,
    message_id bigint NOT NULL
);
-- The next `remaining` messages of a channel go wrong in this way.
CREATE TABLE sandbox_post.faults (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_faults PRIMARY KEY,
    channel text NOT NULL,
    kind text NOT NULL,
    remaining integer NOT NULL,
    seconds double precision NOT NULL DEFAULT 0
);
