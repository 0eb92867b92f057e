delete from draft_editor
where draft = :draft
