select language, block, words
from notice_words
where notice = :key
order by language, block desc
