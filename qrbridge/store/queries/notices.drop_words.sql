delete from notice_words
where notice = :notice
