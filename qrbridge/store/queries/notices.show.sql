-- A row for each block of its words; one without any where it has none.
select notice.key, notice.service, notice.printable, notice.size, notice.picture, notice.picture_alt,
    notice.reading_distance_mm, notice.starts, notice.ends, notice_words.language, notice_words.block, notice_words.words
from notice
left join notice_words on notice_words.notice = notice.key
where notice.key = :key
order by notice_words.language, notice_words.block desc
