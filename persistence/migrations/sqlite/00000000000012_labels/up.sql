-- A name that the sender may give to a submission, to find it again. Like everything else that was sent, it never changes.
ALTER TABLE submissions ADD COLUMN label TEXT;
ALTER TABLE large_pushes ADD COLUMN label TEXT;

CREATE TRIGGER large_push_labels_stay BEFORE UPDATE OF label ON large_pushes BEGIN
    SELECT RAISE(ABORT, 'what was recorded in large_pushes is never changed or deleted');
END;
